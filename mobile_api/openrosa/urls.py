from django.urls import path

from mobile_api.openrosa import views

urlpatterns = [
    path("<str:key>/formList", views.form_list, name="openrosa-forms"),
    path("<str:key>/xformsManifest/<slug:form>", views.manifest, name="openrosa-manifest"),
    path("<str:key>/forms/<slug:form>.xml", views.form_xml, name="openrosa-form"),
    path("<str:key>/media/<slug:form>/<str:name>", views.media, name="openrosa-media"),
    path("<str:key>/submission", views.submission, name="openrosa-submission"),
]
