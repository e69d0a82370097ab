"""Asking people which of two videos they prefer: what is behind `reenactor study`.

model      study.yaml as plain values
load       study.yaml read, and the videos that it names found
make       a new study from methods' videos or frames
evaluated  what it takes from an evaluation
made       the files of a new study, so that an interrupted one goes on
plan       what each participant is shown, and on which side
answers    answers.sqlite: participants, and an answer at a time
pages      what a participant sees, as HTML; `page/` has the style and the script
ranges     the part of a file that a browser asks for
handler    what is answered to a request
channel    how requests are read
server     the pages and videos over HTTP
shares     preferences with their intervals
tally      all shares of a study
report     JSON, Markdown and CSV

Nothing here imports torch but `make`, and that only to read an evaluation.
"""
