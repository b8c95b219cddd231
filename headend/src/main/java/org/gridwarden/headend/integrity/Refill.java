package org.gridwarden.headend.integrity;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterDirectory;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Received;
import org.gridwarden.store.Evidence;
import org.gridwarden.store.TableRepair;

/**
 * Reads raw messages again, as the channels did when they came, and writes what torn tables lost of
 * them. Doing it twice changes nothing. For one thread.
 */
public final class Refill {
  private final Evidence evidence;
  private final TableRepair repair;
  private final MeterDirectory meters;
  private final Decoder decoder;

  /** How a channel's messages are read again. */
  @FunctionalInterface
  public interface Decoder {
    /**
     * Reads a message.
     *
     * @param at when it was stored
     * @return empty where it cannot be read: its key is gone, it is of another channel, or it is a
     *     conversation and no push
     */
    Optional<Received> decode(Meter meter, Instant at, byte[] raw);
  }

  /**
   * How far it is.
   *
   * @param read messages so far
   * @param all how many there are
   */
  public record Progress(long read, long all) {}

  /** What became of a meter's messages. */
  public static final class Messages {
    private long read;
    private long unreadable;

    /** How many were read again. */
    public long read() {
      return read;
    }

    /** How many could not be. */
    public long unreadable() {
      return unreadable;
    }
  }

  public Refill(Evidence evidence, TableRepair repair, MeterDirectory meters, Decoder decoder) {
    this.evidence = evidence;
    this.repair = repair;
    this.meters = meters;
    this.decoder = decoder;
  }

  /**
   * Reads all that may have been in these tables.
   *
   * @param write whether to write it, or only to see what could be read
   * @return by meter
   */
  public Map<MeterId, Messages> run(
      List<TableRepair.Begun> repairs, boolean write, Consumer<Progress> progress) {
    Map<MeterId, Messages> found = new TreeMap<>();
    if (repairs.isEmpty()) {
      return found;
    }
    LocalDate from =
        repairs.stream().map(TableRepair.Begun::evidenceFrom).min(LocalDate::compareTo).get();
    long all = evidence.count(from);
    long[] read = {0};
    evidence.walk(
        from,
        new Evidence.Visitor() {
          @Override
          public void segment(long id, Instant received, List<Evidence.Message> messages) {
            List<Received> decoded = new ArrayList<>(messages.size());
            for (Evidence.Message message : messages) {
              Messages of = found.computeIfAbsent(message.meter(), m -> new Messages());
              Optional<Received> again =
                  meters
                      .byId(message.meter())
                      .flatMap(meter -> decoder.decode(meter, received, message.bytes()));
              if (again.isPresent()) {
                decoded.add(again.get());
                of.read++;
              } else {
                of.unreadable++;
              }
            }
            if (write) {
              repair.refill(repairs, id, decoded);
            }
            read[0] += messages.size();
            progress.accept(new Progress(read[0], all));
          }

          @Override
          public void damaged(long id, List<MeterId> of, String why) {
            of.forEach(meter -> found.computeIfAbsent(meter, m -> new Messages()).unreadable++);
          }
        });
    return found;
  }
}
