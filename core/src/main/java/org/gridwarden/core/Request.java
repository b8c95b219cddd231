package org.gridwarden.core;

/**
 * A question to a meter that changes nothing.
 *
 * @param meter to whom
 * @param plan what is to be read
 */
public record Request(MeterId meter, ReadPlan plan) implements Message {
  @Override
  public Category category() {
    return Category.OPERATION;
  }
}
