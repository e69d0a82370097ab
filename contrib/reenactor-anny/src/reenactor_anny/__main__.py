from reenactor_anny.demo.make import main

main()
