from django.urls import path

from grid.placing.bulk import views
from grid.placing.bulk.views import grouping

urlpatterns = [
    path("again/", views.again, name="pool-again"),
    path("groups/", grouping.groups, name="pool-groups"),
    path("group/", grouping.group, name="pool-group"),
    path("many/", views.many, name="pool-many"),
    path("table/", views.table, name="pool-table"),
    path("table.xlsx", views.export, {"kind": "xlsx"}, name="pool-xlsx"),
    path("table.csv", views.export, {"kind": "csv"}, name="pool-csv"),
]
