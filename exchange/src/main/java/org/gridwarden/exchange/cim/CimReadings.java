package org.gridwarden.exchange.cim;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.gridwarden.exchange.xml.Element;

/** MeterReadings as they are read. Pure functions. */
public final class CimReadings {
  private CimReadings() {}

  /** Whether a root is a message of IEC 61968. */
  public static boolean isMessage(Element root) {
    return CimMessage.isMessage(root);
  }

  /**
   * Whose a MeterReading, or what else names a meter, is: its mRID, else its first name; empty
   * where it says neither.
   */
  public static String meter(Element named) {
    String id = named.textOf("mRID");
    return id.isEmpty() ? named.textAt("Names", "name") : id;
  }

  /** The reading type that a block names; empty where it names none of eighteen numbers. */
  public static Optional<ReadingTypeCode> type(Element block) {
    return block
        .child("ReadingType")
        .map(t -> t.attribute("ref").isEmpty() ? meter(t) : t.attribute("ref"))
        .flatMap(ReadingTypeCode::parse);
  }

  /**
   * One interval.
   *
   * @param end its end, as epoch second: by the standard that is its time stamp
   * @param quality see {@link org.gridwarden.core.Quality}
   */
  public record Interval(long end, BigDecimal value, byte quality) {}

  /**
   * An interval's reading.
   *
   * @throws CimException naming what is wrong with it
   */
  public static Interval interval(Element reading) throws CimException {
    String stamp = reading.textOf("timeStamp");
    String value = reading.textOf("value");
    long end;
    try {
      if (stamp.length() > 40) {
        throw new DateTimeException("too long");
      }
      OffsetDateTime at = OffsetDateTime.parse(stamp);
      if (at.getYear() < 1970 || at.getYear() > 2200) {
        throw new DateTimeException("out of range");
      }
      end = at.toEpochSecond();
    } catch (DateTimeException e) {
      throw new CimException(
          CimException.Code.CONTENT,
          "has the timeStamp '"
              + (stamp.length() > 40 ? stamp.substring(0, 40) : stamp)
              + "'; write date, time and offset");
    }
    BigDecimal number;
    try {
      if (value.length() > 40) {
        throw new NumberFormatException("too long");
      }
      number = new BigDecimal(value);
    } catch (NumberFormatException e) {
      throw new CimException(CimException.Code.CONTENT, "has a value that is no decimal number");
    }
    List<String> codes =
        reading
            .all("ReadingQualities")
            .flatMap(q -> q.child("ReadingQualityType").stream())
            .map(q -> q.attribute("ref"))
            .toList();
    return new Interval(end, number, QualityCodes.flags(codes));
  }
}
