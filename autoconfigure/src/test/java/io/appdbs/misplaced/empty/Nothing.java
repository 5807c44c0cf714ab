package io.appdbs.misplaced.empty;

/**
 * Neither an entity nor a repository.
 */
public class Nothing {

}
