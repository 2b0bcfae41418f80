"""Django looks for an app's tables here; each lives in the folder of its subject."""

from mobile_api.devices.models import Device, Enrolment
from mobile_api.openrosa.models import CollectKey, Submission
from mobile_api.suggestions.models import Suggestion
from mobile_api.uploads.models import Upload

__all__ = ["CollectKey", "Device", "Enrolment", "Submission", "Suggestion", "Upload"]
