from django.urls import path

from grid.placing.names import views

urlpatterns = [
    path("", views.names, name="place-names"),
    path("import/", views.upload, name="place-names-import"),
    path("table.<str:kind>", views.export, name="place-names-table"),
]
