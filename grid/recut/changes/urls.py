from django.urls import path

from grid.recut.changes import views

urlpatterns = [
    path("", views.changes, name="area-changes"),
    path("list.<str:kind>", views.changes_table, name="area-changes-table"),
    path("<int:pk>/", views.change, name="area-change"),
    path("<int:pk>/areas.<str:kind>", views.change_table, name="area-change-table"),
    path("<int:pk>/rehearse/", views.rehearse, name="area-change-rehearse"),
    path("<int:pk>/decide/", views.decide, name="area-change-decide"),
    path("<int:pk>/withdraw/", views.withdraw, name="area-change-withdraw"),
    path("of/<str:code>/<str:kind>/", views.new_change, name="area-change-new"),
]
