"""What being served in the wrong hat went together with: the question, its columns and its fallbacks."""

import numpy as np

from .correcting import Classes

SERVED = Classes(
    columns=("over_engaged", "as_patient", "hurried"),
    treatments=("over_engaged", "hurried", "patient"),
    values=np.array([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 1.0]]),
    contacts="contacts",
    controls=("time_wanted",),
)
"""A contact was a customer's, served as wished or over-engaged, or a patient's, served as wished or hurried. The hat is
one of what is told, since a contact whose hat is mistaken is also judged by the other hat's criteria."""
