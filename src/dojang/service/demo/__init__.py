"""An invented company with invented customers, for looking around: everything made by the real services."""


def build() -> str:
    """Fill an empty demo, once; what there is to tell the person."""
    from dojang.service.demo import building  # noqa: PLC0415 (models are loaded after Django's apps)

    return building.build()
