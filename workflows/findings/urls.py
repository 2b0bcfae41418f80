from django.urls import path

from workflows.findings import views

urlpatterns = [
    path("", views.finding_list, name="findings"),
    path("<int:pk>/", views.finding_page, name="finding"),
    path("<int:pk>/<slug:name>/", views.decide, name="finding-decide"),
]
