/**
 * Beans of MongoDB databases, and the steps between connecting to them and their use.
 */
@NullMarked
package io.appdbs.bean.mongo;

import org.jspecify.annotations.NullMarked;
