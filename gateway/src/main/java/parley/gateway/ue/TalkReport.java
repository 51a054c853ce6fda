package parley.gateway.ue;

/// What one burst has sent.
///
/// @param mki the GSK-ID, which is the MKI of every packet
/// @param packets SRTP packets
/// @param payloadOctets their payloads, before encryption
/// @param announcements how often the session key was announced, the first time included
public record TalkReport(
    int csbId, int mki, int ssrc, long packets, long payloadOctets, int announcements) {}
