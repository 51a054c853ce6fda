package parley.keys.manager;

/// A way to UEs. Called on the [Distributor]'s thread; it must not wait.
public interface Outlet {
  /// Takes a message on its way to its UE; false where none is known. Whether it arrives nobody
  /// knows: it is handed over again until the receipt has come.
  boolean send(GmkMessage message);
}
