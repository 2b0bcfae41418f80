from django.urls import path

from grid.placing.batches import views

urlpatterns = [
    path("batches/", views.batches, name="pool-batches"),
    path("batches/<int:pk>/", views.batch, name="pool-batch"),
    path("batches/<int:pk>/lines.<str:kind>", views.lines, name="pool-batch-lines"),
]
