from django.urls import include, path

from grid.placing import views
from grid.placing.proposals.views import proposals

urlpatterns = [
    path("", views.pool, name="pool"),
    path("", include("grid.placing.batches.urls")),
    path("", include("grid.placing.bulk.urls")),
    path("names/", include("grid.placing.names.urls")),
    path("proposals/", proposals, name="pool-proposals"),
    path("<int:pk>/", views.place, name="pool-place"),
]
