from django.urls import path

from tasks.forms import views

urlpatterns = [
    path("", views.form_list, name="forms"),
    path("upload/", views.upload, name="form-upload"),
    path("<str:code>/<str:version>/", views.form_page, name="form-version"),
    path("<str:code>/<str:version>/table/", views.table, name="form-table"),
    path("<str:code>/<str:version>/publish/", views.publish, name="form-publish"),
    path("<str:code>/<str:version>/withdraw/", views.withdraw, name="form-withdraw"),
]
