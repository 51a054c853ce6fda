package parley.gateway.config;

import parley.mikey.identity.Identity;

/// The KMS of a group manager, which gives it the keys of the groups that it manages.
///
/// @param user who the manager is at the KMS
/// @param device name of this installation
public record ManagerKmsConfig(Identity user, String device, KmsConfig kms) {}
