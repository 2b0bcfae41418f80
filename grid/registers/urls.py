from django.urls import path

from grid.registers import views

urlpatterns = [
    path("", views.deliveries, name="registers"),
    path("upload/", views.upload, name="register-upload"),
    path("<int:pk>/", views.delivery, name="delivery"),
    path("<int:pk>/undo/", views.undo, name="delivery-undo"),
    path("<int:pk>/changes.csv", views.changes_csv, name="delivery-changes"),
    path("<int:pk>/columns/", views.columns, name="delivery-columns"),
    path("<int:pk>/rows/<str:kind>/", views.noted, name="delivery-rows"),
    path("<int:pk>/refused/<int:line>/", views.refused_line, name="delivery-refused-line"),
    path("rows/<int:pk>/persons/", views.row_persons, name="register-row-persons"),
    path("<int:pk>/refused.csv", views.refusals_csv, name="delivery-refused"),
]
