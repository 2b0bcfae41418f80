from django.urls import path

from workflows.assessment import views

urlpatterns = [
    path("", views.index, name="assessment"),
    path("<int:year>/", views.year, name="assessment-year"),
    path("<int:year>/check/", views.check, name="assessment-check"),
    path("<int:year>/<slug:name>/", views.act, name="assessment-act"),
    path("results/<int:pk>/", views.result, name="assessment-result"),
    path("responses/<int:pk>/<slug:name>/", views.respond, name="assessment-response"),
]
