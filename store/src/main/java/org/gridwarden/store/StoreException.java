package org.gridwarden.store;

import java.sql.SQLException;
import org.gridwarden.core.Fault;

/** The store cannot do what it was asked; the message is one line that names the remedy. */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Fault fault;

  StoreException(Fault fault) {
    super(fault.where() + ": " + fault.remedy());
    this.fault = fault;
  }

  StoreException(Fault fault, Throwable cause) {
    super(fault.where() + ": " + fault.remedy(), cause);
    this.fault = fault;
  }

  /** What the database refused. The SQL text is not shown: it may carry readings. */
  public static StoreException of(String doing, SQLException cause) {
    String state = cause.getSQLState() == null ? "" : " (SQLSTATE " + cause.getSQLState() + ")";
    return new StoreException(
        new Fault(
            Fault.Code.INTERNAL,
            "database, " + doing,
            firstLine(cause) + state + "; see the database's log"),
        cause);
  }

  static StoreException at(Fault.Code code, String where, String remedy) {
    return new StoreException(new Fault(code, where, remedy));
  }

  static StoreException at(String where, String remedy) {
    return new StoreException(new Fault(Fault.Code.INTERNAL, where, remedy));
  }

  static StoreException at(String where, String remedy, Throwable cause) {
    return new StoreException(new Fault(Fault.Code.INTERNAL, where, remedy), cause);
  }

  /** What went wrong, where, and what to do. */
  public Fault fault() {
    return fault;
  }

  private static String firstLine(SQLException cause) {
    String message = cause.getMessage() == null ? "failed" : cause.getMessage();
    return message.lines().findFirst().orElse("failed");
  }
}
