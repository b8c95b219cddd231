/**
 * Work in the field: {@link org.gridwarden.headend.work.WorkWatch} orders what happenings ask for,
 * {@link org.gridwarden.headend.work.WorkDesk} does what people decide, and {@link
 * org.gridwarden.headend.work.WorkPolicy} says which happening asks for what.
 */
@NullMarked
package org.gridwarden.headend.work;

import org.jspecify.annotations.NullMarked;
