"""The processors that ELF files are made for (`e_machine`, <elf.h>)."""

from __future__ import annotations

from pip_archguard.model.arch import Arch

_ARCHS = {
    (3, False, "<"): Arch.I386,  # EM_386
    (20, False, ">"): Arch.PPC,  # EM_PPC
    (21, True, ">"): Arch.PPC64,  # EM_PPC64
    (21, True, "<"): Arch.PPC64LE,
    (22, True, ">"): Arch.S390X,  # EM_S390
    (40, False, "<"): Arch.ARM,  # EM_ARM
    (62, True, "<"): Arch.X86_64,  # EM_X86_64; in 32-bit files it is x32, another ABI
    (183, True, "<"): Arch.ARM64,  # EM_AARCH64
    (243, True, "<"): Arch.RISCV64,  # EM_RISCV
    (258, True, "<"): Arch.LOONGARCH64,  # EM_LOONGARCH
}

_MAIN_PROCESSORS = frozenset(
    {
        0,  # EM_NONE: code that its linker forgot to name (sdbus 0.14.1 for aarch64)
        *(machine for machine, _, _ in _ARCHS),
        *(2, 18, 43),  # EM_SPARC, EM_SPARC32PLUS, EM_SPARCV9
        *(4, 8, 10),  # EM_68K, EM_MIPS, EM_MIPS_RS3_LE
        *(15, 42, 50, 0x9026),  # EM_PARISC, EM_SH, EM_IA_64, EM_ALPHA
    }
)


def arch_of(machine: int, order: str, *, is_64_bit: bool) -> Arch:
    """Return the architecture of machine, width and byte order together."""
    return _ARCHS.get((machine, is_64_bit, order), Arch.OTHER)


def is_main_processor(machine: int) -> bool:
    """Whether Linux itself runs on it; no Python loads code for GPUs (CUDA, AMD) or BPF."""
    return machine in _MAIN_PROCESSORS
