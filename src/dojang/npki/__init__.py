"""NPKI, the national public key infrastructure of Korea: 공동인증서 files, keys, certificates and their checks."""
