package io.appdbs.misplaced.unmapped;

public record Row(Long id) {

}
