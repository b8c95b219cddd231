package org.gridwarden.headend.integrity;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.gridwarden.core.AccessDifference;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.MeterAccess;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;
import org.gridwarden.headend.Collection;
import org.gridwarden.headend.integrity.ConfigurationWatch.Part;
import org.gridwarden.store.AccessBook;

/**
 * The daily look at whom a meter lets in: it is kept, and held against what is wanted of it. What
 * was so once and is not any more is raised whatever explains it; before that, and where nobody
 * wants anything, a change that no confirmed command explains is. Thread-safe.
 */
public final class AccessLook implements Collection.Daily {
  /** So many differences are told by name in an alarm. */
  private static final int TOLD = 3;

  private final AccessBook book;
  private final ConfigurationWatch watch;

  public AccessLook(AccessBook book, ConfigurationWatch watch) {
    this.book = book;
    this.watch = watch;
  }

  @Override
  public void look(MeterId meter, MeterSession session)
      throws ChannelException, InterruptedException {
    Optional<MeterAccess> read = session.access();
    if (read.isEmpty()) {
      return;
    }
    MeterAccess found = read.get();
    book.found(meter, found);
    Optional<AccessBook.Wish> wish = book.wish(meter);
    List<AccessDifference> differences =
        wish.map(w -> AccessDifference.between(w.access(), found)).orElse(List.of());
    if (wish.isPresent() && differences.isEmpty()) {
      watch.settle(meter, Part.ACCESS, readout(found), "it is as " + wish.get().by() + " wants it");
      book.agreed(meter);
    } else if (wish.flatMap(AccessBook.Wish::agreed).isPresent()) {
      watch.raise(meter, "Whom the meter lets in is not what is wanted: " + words(differences));
    } else {
      var _ = watch.compare(meter, Part.ACCESS, readout(found));
    }
  }

  private static String words(List<AccessDifference> differences) {
    String some =
        differences.stream()
            .limit(TOLD)
            .map(AccessDifference::words)
            .collect(Collectors.joining("; "));
    int more = differences.size() - TOLD;
    return more > 0 ? some + "; and " + more + " more" : some;
  }

  private static Map<String, byte[]> readout(MeterAccess access) {
    Map<String, byte[]> readout = new HashMap<>();
    for (MeterAccess.Client client : access.clients()) {
      readout.put(
          "client " + client.number(),
          (client.association() + " " + client.level() + "\n" + client.rights())
              .getBytes(StandardCharsets.UTF_8));
    }
    return readout;
  }
}
