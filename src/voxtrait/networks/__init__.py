"""Networks: features to an embedding. A new one is one file and one line here."""

from voxtrait.networks.base import Network
from voxtrait.networks.frame_net import FrameNet
from voxtrait.networks.tdnn import Tdnn
from voxtrait.networks.trait_model import TraitModel

__all__ = ["FRAME_NETWORKS", "NETWORKS", "FrameNet", "Network", "Tdnn", "TraitModel"]

NETWORKS: dict[str, type[Network]] = {"tdnn": Tdnn}
FRAME_NETWORKS: dict[str, type[FrameNet]] = {"frame_net": FrameNet}
