"""big-lama as ONNX for 512x512 pixels. Imports no torch."""

from reenactor.manifest import Weight

BIG_LAMA = Weight(
    name="lama",
    file="lama_fp32.onnx",
    sha256="1faef5301d78db7dda502fe59966957ec4b79dd64e16f03ed96913c7a4eb68d6",
    size=208044816,
    licence="Apache-2.0 according to its card; trained on Places",
    origin="Carve/LaMa-ONNX, an export of advimman/lama",
    mirrors=(
        "https://huggingface.co/Carve/LaMa-ONNX/resolve/a3ee2fca54baebec351b8fa7786154ffa7555aa6/"
        "lama_fp32.onnx",
        "https://github.com/mabdsh/lama_fp32/releases/download/v1.0.0/lama-model.onnx",
    ),
)
