package parley.gateway.cli;

import parley.mikey.identity.Identity;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// An identity on the command line; one that is not canonical is refused with the form that is.
final class IdentityConverter implements ITypeConverter<Identity> {
  @Override
  public Identity convert(String value) {
    try {
      return new Identity(value);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
