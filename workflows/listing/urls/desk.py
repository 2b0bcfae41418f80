from django.urls import path

from workflows.listing.views import desk

urlpatterns = [
    path("", desk.listing_list, name="listings"),
    path("grounds/", desk.grounds, name="listing-grounds"),
    path("grounds/<int:pk>/review/", desk.review_ground, name="listing-ground-review"),
    path("looks/<str:code>/<int:pk>/", desk.look_file, name="look-file"),
    path("proofs/<str:code>/<int:pk>/", desk.proof_file, name="proof-file"),
    path("<str:code>/", desk.listing_file, name="listing"),
    path("<str:code>/<slug:name>/", desk.listing_act, name="listing-act"),
]
