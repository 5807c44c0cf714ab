/**
 * The life of a database: opened on a thread of its own, its state, and its end. One
 * component owns the state; everybody else reads it.
 */
@NullMarked
package io.appdbs.lifecycle;

import org.jspecify.annotations.NullMarked;
