import msgspec

from sitegen.site import model


def test_every_view_says_in_its_docstring_what_it_is_for() -> None:
    views = [
        v for v in vars(model).values() if isinstance(v, type) and issubclass(v, msgspec.Struct)
    ]
    for view in views:
        if view is not msgspec.Struct:
            assert view.__doc__, view.__name__
            assert view.__struct_config__.frozen, view.__name__
