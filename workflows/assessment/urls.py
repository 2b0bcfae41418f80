from django.urls import path

from workflows.assessment import views

urlpatterns = [
    path("", views.index, name="assessment"),
    path("<int:year>/", views.year, name="assessment-year"),
    path("<int:year>/compute/", views.compute, name="assessment-compute"),
    path("<int:year>/freeze/", views.freeze, name="assessment-freeze"),
    path("<int:year>/check/", views.check, name="assessment-check"),
    path("results/<int:pk>/", views.result, name="assessment-result"),
]
