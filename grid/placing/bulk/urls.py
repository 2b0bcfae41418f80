from django.urls import path

from grid.placing.bulk import views

urlpatterns = [
    path("again/", views.again, name="pool-again"),
    path("groups/", views.groups, name="pool-groups"),
    path("many/", views.many, name="pool-many"),
    path("table/", views.table, name="pool-table"),
    path("table.xlsx", views.export, {"kind": "xlsx"}, name="pool-xlsx"),
    path("table.csv", views.export, {"kind": "csv"}, name="pool-csv"),
]
