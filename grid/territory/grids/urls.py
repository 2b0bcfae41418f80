from django.urls import path

from grid.territory.grids import views

urlpatterns = [
    path("<str:code>/grids/new/", views.new_grid, name="grid-new"),
    path("<str:code>/grids/start/", views.start, name="grids-start"),
    path("<str:code>/grids/import/", views.upload, name="grids-import"),
    path("<str:code>/grids.<str:kind>", views.grids_table, name="grids-table"),
    path("<str:code>/divisions/", views.upload_divisions, name="divisions-import"),
    path("<str:code>/grid/", views.change_grid, name="grid-change"),
    path("files/<int:pk>/", views.file, name="area-file"),
    path("files/<int:pk>/take/", views.take, name="area-file-take"),
    path("files/<int:pk>/drop/", views.drop, name="area-file-drop"),
    path("files/<int:pk>/lines.<str:kind>", views.lines, name="area-file-lines"),
]
