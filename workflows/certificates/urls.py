from django.urls import path

from workflows.certificates import views

urlpatterns = [
    path("", views.certificates, name="certificates"),
    path("new/", views.enter, name="certificate-new"),
    path("import/", views.import_file, name="certificates-import"),
    path("import/empty.<str:kind>", views.empty_table, name="certificates-empty"),
    path("<int:pk>/end/", views.end, name="certificate-end"),
]
