from django.urls import path

from workflows.listing import api
from workflows.listing.views import public

urlpatterns = [
    path("", public.public_list, name="public-listings"),
    path("feed.json", api.feed_json, name="listing-feed-json"),
    path("feed.csv", api.feed_csv, name="listing-feed-csv"),
    path("<str:code>/", public.public_entry, name="public-listing"),
]
