"""Every built-in component and spec, a line or two each. Imports no torch."""

from reenactor.hookspecs import hookimpl
from reenactor.manifest import ComponentInfo, DatasetInfo, Facet, RecipeInfo, Role, SpecInfo
from reenactor_plugins.body_generator.p2b.weights import P2B_SMALL
from reenactor_plugins.face_refiner.fr.weights import FR_SMALL
from reenactor_plugins.frame_renderer.b2f.weights import B2F_SMALL
from reenactor_plugins.frame_renderer.retouch.weights import RETOUCH_SMALL
from reenactor_plugins.networks.mediapipe.weights import (
    FACE_WEIGHTS,
    HAND_WEIGHTS,
    POSE_FULL_TAPS,
    POSE_WEIGHTS,
)
from reenactor_plugins.parser.taps.weights import PARSER_TAPS


def _recipe(
    technique: str,
    settings: str,
    configs: tuple[str, ...] = ("paper", "small", "small-finish", "tiny"),
) -> RecipeInfo:
    """A technique's folder has recipe.py, settings.py and configs/*.yaml."""
    package = f"reenactor_plugins.{technique}"
    folder = "reenactor_plugins:" + technique.replace(".", "/") + "/configs"
    return RecipeInfo(
        target=f"{package}.recipe:train",
        settings=f"{package}.settings:{settings}",
        configs=tuple((name, f"{folder}/{name}.yaml") for name in configs),
    )


COMPONENTS: tuple[ComponentInfo, ...] = (
    ComponentInfo(
        role=Role.POSE_ESTIMATOR,
        name="blazepose",
        target="reenactor_plugins.pose_estimator.blazepose.component:BlazePose",
        options="reenactor_plugins.pose_estimator.blazepose.options:BlazePoseOptions",
        summary="bodies with depth and silhouettes, hands and faces, on the CPU at once",
        licence="Apache-2.0",
        provides=frozenset({Facet.SKELETON, Facet.WORLD, Facet.MASK}),
        weights=POSE_WEIGHTS + HAND_WEIGHTS + FACE_WEIGHTS,
        paper="Bazarevsky et al., BlazePose: On-device Real-time Body Pose Tracking (2020)",
    ),
    ComponentInfo(
        role=Role.POSE_ESTIMATOR,
        name="openpose-files",
        target="reenactor_plugins.pose_estimator.openpose_files.component:OpenPoseFiles",
        options="reenactor_plugins.pose_estimator.openpose_files.options:OpenPoseFilesOptions",
        summary="key points from the JSON files that OpenPose wrote",
        licence="Apache-2.0",
        provides=frozenset({Facet.SKELETON}),
        paper="Cao et al., OpenPose: Realtime Multi-Person 2D Pose Estimation (2018)",
    ),
    ComponentInfo(
        role=Role.POSE_ESTIMATOR,
        name="openpose",
        target="reenactor_plugins.pose_estimator.openpose.component:OpenPose",
        options="reenactor_plugins.pose_estimator.openpose.options:OpenPoseOptions",
        summary="the paper's key points: OpenPose's networks, weights brought by you",
        licence="Apache-2.0",
        provides=frozenset({Facet.SKELETON}),
        paper="Cao et al., OpenPose: Realtime Multi-Person 2D Pose Estimation (2018)",
    ),
    ComponentInfo(
        role=Role.POSE_ESTIMATOR,
        name="densepose",
        target="reenactor_plugins.pose_estimator.densepose.component:DensePoseEstimator",
        options="reenactor_plugins.pose_estimator.densepose.options:DensePoseOptions",
        summary="the paper's dense pose: DensePose's network, weights brought by you",
        licence="Apache-2.0",
        needs=frozenset({Facet.SKELETON}),
        provides=frozenset({Facet.DENSE}),
        paper="Güler et al., DensePose: Dense Human Pose Estimation In The Wild (2018)",
    ),
    ComponentInfo(
        role=Role.POSE_ESTIMATOR,
        name="iuv-files",
        target="reenactor_plugins.pose_estimator.iuv_files.component:IuvFiles",
        options="reenactor_plugins.pose_estimator.iuv_files.options:IuvFilesOptions",
        summary="dense poses from the IUV pictures that DensePose wrote",
        licence="Apache-2.0",
        provides=frozenset({Facet.DENSE}),
        paper="Güler et al., DensePose: Dense Human Pose Estimation In The Wild (2018)",
    ),
    ComponentInfo(
        role=Role.PARSER,
        name="taps",
        target="reenactor_plugins.parser.taps.component:TapsParser",
        options="reenactor_plugins.parser.taps.options:TapsOptions",
        summary="a small trained network on the pose network's features, on the CPU at once",
        licence="Apache-2.0",
        needs=frozenset({Facet.SKELETON}),
        provides=frozenset({Facet.PARSING}),
        weights=(POSE_FULL_TAPS, PARSER_TAPS),
    ),
    ComponentInfo(
        role=Role.PARSER,
        name="guided",
        target="reenactor_plugins.parser.guided.component:GuidedParser",
        options="reenactor.options:NoOptions",
        summary="no network: bones say where things may be, colours which they are",
        licence="Apache-2.0",
        needs=frozenset({Facet.SKELETON}),
        provides=frozenset({Facet.PARSING}),
    ),
    ComponentInfo(
        role=Role.PARSER,
        name="parsing-files",
        target="reenactor_plugins.parser.parsing_files.component:ParsingFiles",
        options="reenactor_plugins.parser.parsing_files.options:ParsingFilesOptions",
        summary="labels from PNG files in the classes of CIHP, VIP, LIP or ATR",
        licence="Apache-2.0",
        provides=frozenset({Facet.PARSING}),
    ),
    ComponentInfo(
        role=Role.PARSER,
        name="schp",
        target="reenactor_plugins.parser.schp.component:SchpParser",
        options="reenactor_plugins.parser.schp.options:SchpOptions",
        summary="the paper's parser, with a public checkpoint that you bring",
        licence="Apache-2.0",
        needs=frozenset({Facet.SKELETON}),
        provides=frozenset({Facet.PARSING}),
        paper="Li et al., Self-Correction for Human Parsing (2019)",
    ),
    ComponentInfo(
        role=Role.PARSER,
        name="smp",
        target="reenactor_plugins.parser.smp.component:SmpParser",
        options="reenactor_plugins.parser.smp.options:SmpOptions",
        summary="any network of segmentation-models-pytorch on any encoder of timm, trained by you",
        licence="Apache-2.0",
        needs=frozenset({Facet.SKELETON}),
        provides=frozenset({Facet.PARSING}),
        recipe=_recipe("parser.smp", "SmpSettings", ("small", "large", "tiny")),
    ),
    ComponentInfo(
        role=Role.BODY_GENERATOR,
        name="puppet",
        target="reenactor_plugins.body_generator.puppet.component:PuppetBody",
        options="reenactor_plugins.body_generator.puppet.options:PuppetOptions",
        summary="the target's own parsing, cut into parts and moved on bones",
        licence="Apache-2.0",
        needs=frozenset({Facet.SKELETON, Facet.PARSING}),
        provides=frozenset({Facet.BODY}),
    ),
    ComponentInfo(
        role=Role.FRAME_RENDERER,
        name="puppet",
        target="reenactor_plugins.frame_renderer.puppet.component:PuppetRenderer",
        options="reenactor_plugins.frame_renderer.puppet.options:PuppetOptions",
        summary="the target's own pixels, cut into parts on bones, fitted to any body's parsing",
        licence="Apache-2.0",
        needs=frozenset({Facet.SKELETON, Facet.PARSING}),
        own_body="puppet",
    ),
    ComponentInfo(
        role=Role.FRAME_RENDERER,
        name="retouch",
        target="reenactor_plugins.frame_renderer.retouch.component:RetouchRenderer",
        options="reenactor_plugins.frame_renderer.retouch.options:RetouchOptions",
        summary="the puppet, retouched by a small network that we trained",
        licence="Apache-2.0",
        needs=frozenset({Facet.SKELETON, Facet.PARSING}),
        weights=(RETOUCH_SMALL,),
        own_body="puppet",
        recipe=_recipe(
            "frame_renderer.retouch", "RetouchSettings", ("small", "small-finish", "tiny")
        ),
    ),
    ComponentInfo(
        role=Role.INPAINTER,
        name="opencv",
        target="reenactor_plugins.inpainter.opencv.component:OpenCvInpainter",
        options="reenactor_plugins.inpainter.opencv.options:OpenCvOptions",
        summary="a smooth guess for every picture by itself",
        licence="Apache-2.0",
        paper="Telea, An Image Inpainting Technique Based on the Fast Marching Method (2004)",
    ),
    ComponentInfo(
        role=Role.INPAINTER,
        name="median",
        target="reenactor_plugins.inpainter.median.component:MedianInpainter",
        options="reenactor_plugins.inpainter.median.options:MedianOptions",
        summary="what a video shows there at other times, or pieces of the rest of a photo",
        licence="Apache-2.0",
    ),
    ComponentInfo(
        role=Role.INPAINTER,
        name="deepfill",
        target="reenactor_plugins.inpainter.deepfill.component:DeepFillInpainter",
        options="reenactor_plugins.inpainter.deepfill.options:DeepFillOptions",
        summary="the paper's gated convolutions with contextual attention, weights brought by you",
        licence="Apache-2.0",
        paper="Yu et al., Free-Form Image Inpainting with Gated Convolution (2019)",
    ),
    ComponentInfo(
        role=Role.INPAINTER,
        name="lama",
        target="reenactor_plugins.inpainter.lama.component:LamaInpainter",
        options="reenactor_plugins.inpainter.lama.options:LamaOptions",
        summary="LaMa from an ONNX file that you bring: large holes, each picture by itself",
        licence="Apache-2.0",
        paper="Suvorov et al., Resolution-robust Large Mask Inpainting with Fourier Convolutions "
        "(2022)",
    ),
    ComponentInfo(
        role=Role.BODY_GENERATOR,
        name="p2b",
        target="reenactor_plugins.body_generator.p2b.component:P2BGenerator",
        options="reenactor_plugins.body_generator.p2b.options:P2BOptions",
        summary="the paper's Pose2Body network; small weights of ours, or yours",
        licence="Apache-2.0",
        needs=frozenset({Facet.SKELETON, Facet.DENSE, Facet.PARSING}),
        provides=frozenset({Facet.BODY}),
        paper="Gafni et al., Single-Shot Freestyle Dance Reenactment (2020), section 3.1",
        weights=(P2B_SMALL,),
        recipe=_recipe("body_generator.p2b", "P2BSettings"),
    ),
    ComponentInfo(
        role=Role.FRAME_RENDERER,
        name="b2f",
        target="reenactor_plugins.frame_renderer.b2f.component:B2FRenderer",
        options="reenactor_plugins.frame_renderer.b2f.options:B2FOptions",
        summary="the paper's Body2Frame network; small weights of ours, or yours",
        licence="Apache-2.0",
        needs=frozenset({Facet.SKELETON, Facet.PARSING, Facet.BODY}),
        paper="Gafni et al., Single-Shot Freestyle Dance Reenactment (2020), section 3.2",
        weights=(B2F_SMALL,),
        recipe=_recipe("frame_renderer.b2f", "B2FSettings"),
    ),
    ComponentInfo(
        role=Role.FACE_REFINER,
        name="fr",
        target="reenactor_plugins.face_refiner.fr.component:FRRefiner",
        options="reenactor_plugins.face_refiner.fr.options:FROptions",
        summary="the paper's face refinement network; small weights of ours, or yours",
        licence="Apache-2.0",
        needs=frozenset({Facet.SKELETON}),
        paper="Gafni et al., Single-Shot Freestyle Dance Reenactment (2020), section 3.3",
        weights=(FR_SMALL,),
        recipe=_recipe("face_refiner.fr", "FRSettings"),
    ),
    ComponentInfo(
        role=Role.POSE_ESTIMATOR,
        name="mannequin",
        target="reenactor_plugins.pose_estimator.mannequin.component:Mannequin",
        options="reenactor_plugins.pose_estimator.mannequin.options:MannequinOptions",
        summary="a dense pose without weights, drawn as a jointed doll over the key points",
        licence="Apache-2.0",
        needs=frozenset({Facet.SKELETON}),
        provides=frozenset({Facet.DENSE}),
    ),
)

SPECS: tuple[SpecInfo, ...] = tuple(
    SpecInfo(name, f"reenactor_plugins:specs/{name}.yaml", summary)
    for name, summary in (
        ("default", "works at once on a CPU, without a download"),
        ("small", "the paper's networks, small, with weights that we trained; on a CPU"),
        ("paper", "all of the paper's choices; every file of weights is yours to bring"),
        ("paper-no-fr", "Fig. 5 (b): no face refinement"),
        ("paper-no-mask", "Fig. 5 (c): no blending mask"),
        ("paper-no-hands", "Fig. 5 (d): no hand labels in what B2F renders"),
        ("paper-low-resolution", "Fig. 5 (e): no face loss, 256x160"),
        ("paper-no-squeeze", "Fig. 6 (b): parsings not squeezed in training"),
        ("paper-coarse-dense", "Fig. 6 (c): a less accurate dense pose"),
        ("paper-no-dense", "Fig. 6 (d): no dense pose"),
        ("paper-no-dense-no-hands", "Fig. 6 (e): no dense pose and no hands"),
    )
)

DATASETS: tuple[DatasetInfo, ...] = (
    DatasetInfo(
        name="photos",
        target="reenactor_plugins.datasets.photos.dataset:Photos",
        options="reenactor_plugins.datasets.photos.options:PhotosOptions",
        summary="any photos; of each the largest person, key points and labels are found",
        licence="that of your photos",
    ),
    DatasetInfo(
        name="videos",
        target="reenactor_plugins.datasets.videos.dataset:Videos",
        options="reenactor_plugins.datasets.videos.options:VideosOptions",
        summary="frames of videos of one person each, key points and labels are found",
        licence="that of your videos",
    ),
    DatasetInfo(
        name="ccp",
        target="reenactor_plugins.datasets.ccp.dataset:Ccp",
        options="reenactor_plugins.datasets.ccp.options:CcpOptions",
        summary="Clothing Co-Parsing: street photos of whole people, half of them labelled",
        licence="Apache-2.0 for the labels; the photos are third parties'",
        paper="Yang et al., Clothing Co-Parsing by Joint Image Segmentation and Labeling (2014)",
    ),
    DatasetInfo(
        name="cihp",
        target="reenactor_plugins.datasets.cihp.dataset:Cihp",
        options="reenactor_plugins.datasets.cihp.options:CihpOptions",
        summary="Crowd Instance-level Human Parsing: photos of several people, labelled",
        licence="non-commercial research",
        paper="Gong et al., Instance-level Human Parsing via Part Grouping Network (2018)",
    ),
    DatasetInfo(
        name="vip",
        target="reenactor_plugins.datasets.vip.dataset:Vip",
        options="reenactor_plugins.datasets.vip.options:VipOptions",
        summary="Video Instance-level Parsing: videos with every 25th frame labelled",
        licence="non-commercial research",
        paper="Zhou et al., Adaptive Temporal Encoding Network for Video Instance-level Human "
        "Parsing (2018)",
    ),
    DatasetInfo(
        name="mhp",
        target="reenactor_plugins.datasets.mhp.dataset:Mhp",
        options="reenactor_plugins.datasets.mhp.options:MhpOptions",
        summary="Multi-Human Parsing v2: photos of several people with 58 labels, hands too",
        licence="non-commercial research",
        paper="Zhao et al., Understanding Humans in Crowded Scenes (2018)",
    ),
)


@hookimpl
def reenactor_components() -> tuple[ComponentInfo, ...]:
    return COMPONENTS


@hookimpl
def reenactor_specs() -> tuple[SpecInfo, ...]:
    return SPECS


@hookimpl
def reenactor_datasets() -> tuple[DatasetInfo, ...]:
    return DATASETS
