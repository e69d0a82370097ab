"""DensePose's network of detectron2's model zoo, R_50_FPN_s1x. Imports no torch."""

from reenactor.manifest import Weight

R_50_FPN_S1X = Weight(
    name="densepose-r50-fpn-s1x",
    file="model_final_162be9.pkl",
    sha256="b8a7382001b16e453bad95ca9dbc68ae8f2b839b304cf90eaf5c27fbdb4dae91",
    size=255757821,
    licence="CC BY-SA 3.0, trained on DensePose-COCO (CC BY-NC 2.0)",
    origin="the model zoo of facebookresearch/detectron2, projects/DensePose",
    mirrors=(
        "https://dl.fbaipublicfiles.com/densepose/densepose_rcnn_R_50_FPN_s1x/165712039/"
        "model_final_162be9.pkl",
        "https://huggingface.co/zhengchong/CatVTON/resolve/main/DensePose/model_final_162be9.pkl",
    ),
    commercial=False,
)
