package parley.gateway.keying;

import java.security.SecureRandom;
import java.time.InstantSource;
import parley.keys.member.Member;
import parley.mikey.eccsi.EccsiVerifier;
import parley.srtp.CipherEngine;

/// What the keying of every group shares.
public record KeyingServices(
    Member member,
    VerifyPool pool,
    EccsiVerifier eccsi,
    CipherEngine engine,
    BridgeCoordinator coordinator,
    GskWrapping wrapping,
    Duty duty,
    GroupTicks ticks,
    SecureRandom random,
    InstantSource clock) {}
