"""Networks that others trained, from whom ours learn. A new one is one file and one line here.

Only training asks them; nothing of them is in a model file.
"""

from voxtrait.training.teachers.base import GET_IT, Teacher
from voxtrait.training.teachers.speech_embedding import SpeechEmbedding
from voxtrait.training.teachers.voice_embedding import VoiceEmbedding

__all__ = ["GET_IT", "TEACHERS", "Teacher"]

TEACHERS: dict[str, type[Teacher]] = {
    "speech_embedding": SpeechEmbedding,
    "voice_embedding": VoiceEmbedding,
}
