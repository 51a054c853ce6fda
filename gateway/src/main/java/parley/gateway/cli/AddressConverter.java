package parley.gateway.cli;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// `HOST:PORT` or `[IPV6]:PORT` on the command line; a name is looked up once, here.
final class AddressConverter implements ITypeConverter<InetSocketAddress> {
  @Override
  public InetSocketAddress convert(String value) throws UnknownHostException {
    int colon = value.lastIndexOf(':');
    String port = value.substring(colon + 1);
    if (colon < 1 || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65_535) {
      throw new TypeConversionException("'" + value + "' is no HOST:PORT, like 10.0.0.7:2269");
    }
    String host = value.substring(0, colon);
    if (host.indexOf(':') >= 0 && !(host.startsWith("[") && host.endsWith("]"))) {
      throw new TypeConversionException(
          "'" + value + "' is no [IPV6]:PORT, like [2001:db8::7]:5004");
    }
    return new InetSocketAddress(InetAddress.getByName(host), Integer.parseInt(port));
  }
}
