package parley.gateway.media;

/// Messages that wait for `sendmmsg`, each of one datagram or several, and who hears what became of
/// them. Confined to the loop.
sealed interface Outbox permits SendRing, TrunkRuns {
  /// Messages.
  int size();

  /// Where the headers from this message on are.
  long address(int message);

  /// How many datagrams this message becomes.
  int datagrams(int message);

  /// The kernel has taken the messages from `first` to before `end`.
  void sent(int first, int end, SendLosses losses);

  /// The kernel has no room for the messages from `first` to before `end`.
  void full(int first, int end, SendLosses losses);

  /// The kernel refuses this message with this error number.
  void refused(int message, int errno, SendLosses losses);

  /// Forgets all.
  void clear();
}
