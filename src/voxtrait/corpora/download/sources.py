"""Where corpora can be got: addresses, sizes and checksums of their archives."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["SOURCES", "Archive", "Source"]


@dataclass(frozen=True, slots=True)
class Archive:
    """One file of a corpus: a ``.zip`` or a ``.tar.gz``.

    Args:
        url: where it is.
        size: bytes; 0 where its maker packs it anew for whoever asks.
        sha256: of the file; empty where it is packed anew.
        inside: folder of the archive that holds the corpus; empty for all of it.
        recordings: how many there are in it.
        unpacked: about how many bytes they take.
    """

    url: str
    size: int = 0
    sha256: str = ""
    inside: str = ""
    recordings: int = 1
    unpacked: int = 0

    @property
    def name(self) -> str:
        """The file's name."""
        return self.url.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Source:
    """A corpus's archives.

    Args:
        page: where people read about it.
        parts: by name; a corpus of one part has the name ``""``.
        usual: the parts that are got unless others are named.
    """

    page: str
    parts: dict[str, Archive]
    usual: tuple[str, ...] = ("",)


def _librispeech(part: str, size: int, sha256: str, recordings: int, unpacked: int) -> Archive:
    url = f"https://www.openslr.org/resources/12/{part}.tar.gz"
    return Archive(url, size, sha256, "", recordings, unpacked)


# Sizes and sums of LibriSpeech and Speech Commands: TensorFlow Datasets' lists of checksums. GitHub
# packs an archive for whoever asks, so what is in it is counted instead.
SOURCES: dict[str, Source] = {
    "audiomnist": Source(
        "https://github.com/soerenab/AudioMNIST",
        {
            "": Archive(
                "https://github.com/soerenab/AudioMNIST/archive/refs/heads/master.zip",
                inside="AudioMNIST-master",
                recordings=30_000,
                unpacked=2_000_000_000,
            )
        },
    ),
    "fsdd": Source(
        "https://github.com/Jakobovski/free-spoken-digit-dataset",
        {
            "": Archive(
                "https://github.com/Jakobovski/free-spoken-digit-dataset/archive/v1.0.10.zip",
                inside="free-spoken-digit-dataset-1.0.10",
                recordings=3_000,
                unpacked=30_000_000,
            )
        },
    ),
    "librispeech": Source(
        "https://www.openslr.org/12",
        {
            "dev-clean": _librispeech(
                "dev-clean",
                337_926_286,
                "76f87d090650617fca0cac8f88b9416e0ebf80350acb97b343a85fa903728ab3",
                2_703,
                360_000_000,
            ),
            "dev-other": _librispeech(
                "dev-other",
                314_305_928,
                "12661c48e8c3fe1de2c1caa4c3e135193bfb1811584f11f569dd12645aa84365",
                2_864,
                340_000_000,
            ),
            "test-clean": _librispeech(
                "test-clean",
                346_663_984,
                "39fde525e59672dc6d1551919b1478f724438a95aa55f874b576be21967e6c23",
                2_620,
                370_000_000,
            ),
            "test-other": _librispeech(
                "test-other",
                328_757_843,
                "d09c181bba5cf717b3dee7d4d592af11a3ee3a09e08ae025c5506f6ebe961c29",
                2_939,
                350_000_000,
            ),
            "train-clean-100": _librispeech(
                "train-clean-100",
                6_387_309_499,
                "d4ddd1d5a6ab303066f14971d768ee43278a5f2a0aa43dc716b0e64ecbbbf6e2",
                28_539,
                6_700_000_000,
            ),
            "train-clean-360": _librispeech(
                "train-clean-360",
                23_049_477_885,
                "146a56496217e96c14334a160df97fffedd6e0a04e66b9c5af0d40be3c792ecf",
                104_014,
                24_000_000_000,
            ),
            "train-other-500": _librispeech(
                "train-other-500",
                30_593_501_606,
                "ddb22f27f96ec163645d53215559df6aa36515f26e01dd70798188350adcb6d2",
                148_688,
                32_000_000_000,
            ),
        },
        usual=("dev-clean",),
    ),
    "speech_commands": Source(
        "https://arxiv.org/abs/1804.03209",
        {
            "": Archive(
                "https://storage.googleapis.com/download.tensorflow.org/data/"
                "speech_commands_v0.02.tar.gz",
                2_428_923_189,
                "af14739ee7dc311471de98f5f9d2c9191b18aedfe957f4a6ff791c709868ff58",
                recordings=105_829,
                unpacked=3_800_000_000,
            )
        },
    ),
}
