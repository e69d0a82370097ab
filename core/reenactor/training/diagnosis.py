"""What `reenactor plugins doctor` looks at of datasets and recipes."""

from reenactor.catalog import Catalog, ComponentEntry, DatasetEntry, Finding, options_model
from reenactor.catalog.diagnosis import finding
from reenactor.training.config import load_config
from reenactor.training.dataset_config import dataset_class
from reenactor.training.train import recipe_of


def diagnose_training(catalog: Catalog) -> list[Finding]:
    """Look at every dataset, and at every recipe with its configs."""
    recipes = [entry for entry in catalog.components if entry.info.recipe is not None]
    return [*map(_dataset, catalog.datasets), *(_recipe(entry, catalog) for entry in recipes)]


def _dataset(entry: DatasetEntry) -> Finding:
    def look() -> str:
        options_model(entry.info, entry.provider)
        dataset_class(entry.info, entry.provider)
        return ""

    return finding(entry.provider, f"dataset {entry.info.name!r}", look)


def _recipe(entry: ComponentEntry, catalog: Catalog) -> Finding:
    """Its function, its settings, and every config that it ships."""
    info = entry.info
    configs = info.recipe.configs if info.recipe is not None else ()

    def look() -> str:
        for name, _ in configs:
            recipe_of(load_config(catalog, info.name, name))
        return ""

    return finding(entry.provider, f"recipe of {info.role} {info.name!r}", look)
