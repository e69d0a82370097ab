"""Everything that touches pictures and videos on disk.

* `files`: content hashes, writes that appear whole or not at all, locks, free space.
* `stream`: reading ahead and writing behind in threads.
* `video`: what a video file holds, and its frames as RGB.
* `photo`: one picture, read and written.
* `formats`: the kinds of output and their file extensions.
* `writer`: segments, the pieces in which an output is encoded.
* `join`: segments and the driver's sound become the output.
* `background`: colours, pictures, folders and videos behind the person.

Pictures are numpy uint8 arrays `(H, W, 3)` in RGB, or `(H, W, 4)` with alpha.
"""
