"""Reading and writing pictures and videos.

* `files`: atomic writes, content hashes, free space.
* `stream`: prefetching and writing in threads.
* `video`: a video file's properties and frames.
* `photo`: reading and writing one picture.
* `formats`: the kinds of output and their file extensions.
* `writer`: encoding an output in segments.
* `join`: joining segments and the driver's sound into the output.
* `background`: colours, pictures, folders and videos as backgrounds.

Pictures are numpy uint8 arrays `(H, W, 3)` in RGB, or `(H, W, 4)` with alpha.
"""
