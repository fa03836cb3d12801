<?php
/* Puts submissions to a real WordPress, as wp-comments-post.php does, and says what became of each.
   Run inside WordPress; CASES names the file of scenarios, VERDICTS where to write the answers. */
global $wpdb;
$answers = array();
foreach ( json_decode( file_get_contents( getenv( 'CASES' ) ), true ) as $scenario ) {
	$wpdb->query( "DELETE FROM $wpdb->comments" );
	$wpdb->query( "DELETE FROM $wpdb->commentmeta" );
	foreach ( $scenario['wordpress'] as $name => $value ) update_option( $name, $value );
	$posts = array( 'gone' => 999999 );
	foreach ( array( 'open' => 0, 'other' => 0, 'closed' => 0, 'old' => 20 ) as $name => $days ) {
		$at = gmdate( 'Y-m-d H:i:s', time() - 86400 * $days );
		$posts[ $name ] = wp_insert_post( array( 'post_title' => $name, 'post_content' => 'x',
			'post_status' => 'publish', 'post_date' => $at, 'post_date_gmt' => $at,
			'comment_status' => $name === 'closed' ? 'closed' : 'open' ) );
	}
	$ids = array();
	$said = array();
	foreach ( $scenario['submissions'] as $sent ) {
		$wpdb->query( $wpdb->prepare( "UPDATE $wpdb->comments SET comment_date_gmt = DATE_SUB(comment_date_gmt, INTERVAL %d SECOND)", $sent['after'] ) );
		foreach ( $sent['approved_before'] as $index ) if ( $ids[ $index ] ) wp_set_comment_status( $ids[ $index ], 'approve' );
		$_SERVER['REMOTE_ADDR'] = $sent['ip'];
		$_SERVER['HTTP_USER_AGENT'] = '';
		$parent = $sent['parent'] === null ? 0 : ( $sent['parent'] < 0 ? 999999 : $ids[ $sent['parent'] ] );
		wp_cache_flush();
		$made = wp_handle_comment_submission( wp_slash( array( 'comment_post_ID' => $posts[ $sent['post'] ],
			'author' => $sent['author'], 'email' => $sent['email'], 'url' => $sent['url'],
			'comment' => $sent['comment'], 'comment_parent' => $parent ) ) );
		$is_error = is_wp_error( $made );
		$ids[] = $is_error ? 0 : (int) $made->comment_ID;
		$said[] = $is_error ? $made->get_error_code() : (string) $made->comment_approved;
	}
	$answers[] = $said;
}
file_put_contents( getenv( 'VERDICTS' ), json_encode( $answers ) );
