from django.urls import path

from grid.offices import views

urlpatterns = [
    path("", views.offices, name="offices"),
    path("new/", views.enter, name="office-new"),
    path("import/", views.import_file, name="office-import"),
    path("confirm/", views.confirm, name="office-confirm"),
    path("<int:pk>/end/", views.end, name="office-end"),
    path("<str:area>/<str:part>/", views.office, name="office"),
]
