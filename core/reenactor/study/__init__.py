"""Preference studies: people choose between two videos (`reenactor study`).

model      study.yaml as plain values
load       loads study.yaml and finds its videos
make       makes a new study from methods' videos or frames
evaluated  reads the inputs of a study from an evaluation
made       the files of a new study, so that an interrupted one goes on
plan       the pairs and sides that each participant is shown
answers    answers.sqlite: participants and answers
pages      the HTML pages; `page/` has the style and the script
ranges     HTTP range requests
handler    the WSGI application
channel    strict parsing of requests
server     the HTTP server
shares     preferences with their intervals
tally      all shares of a study
report     JSON, Markdown and CSV

Only `make` imports torch, and only to read an evaluation.
"""
