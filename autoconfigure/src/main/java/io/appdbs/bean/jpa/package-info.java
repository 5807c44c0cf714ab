/**
 * The application's entity managers: their roles as candidates, their transaction
 * managers, and checks of both.
 */
@NullMarked
package io.appdbs.bean.jpa;

import org.jspecify.annotations.NullMarked;
