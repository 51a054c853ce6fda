/// Authentication and key agreement (TS 33.102): the same computations on a USIM and in the HSS.
///
/// 1. [parley.keys.gba.aka.Sqn] the sequence number that makes a challenge fresh
/// 2. [parley.keys.gba.aka.Milenage] f1 to f5* from K and OPc
/// 3. [parley.keys.gba.aka.SubscriberKey] K and OPc, and what both sides make of them
/// 4. [parley.keys.gba.aka.AuthenticationVector] RAND, AUTN and the
///    [parley.keys.gba.aka.AgreedKeys]
/// 5. [parley.keys.gba.aka.Usim] a USIM in software: checks AUTN, remembers SQN in a
///    [parley.keys.gba.aka.SqnMemory], gives a [parley.keys.gba.aka.UsimAnswer]
@NullMarked
package parley.keys.gba.aka;

import org.jspecify.annotations.NullMarked;
