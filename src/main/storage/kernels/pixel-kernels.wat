;; What the writer does to every pixel, 16 bytes at a time. `npm run kernels` turns this into pixel-kernels.wasm.ts.
;; All places and lengths are in bytes, counts in pixels; the memory is the ring of frames that the threads share.
(module
  (import "ring" "memory" (memory 1 65536 shared))

  ;; Rows of a rectangle, from one pitch to another.
  (func (export "copyRows")
    (param $from i32) (param $fromPitch i32) (param $to i32) (param $toPitch i32) (param $rowBytes i32) (param $rows i32)
    (block $done
      (loop $row
        (br_if $done (i32.eqz (local.get $rows)))
        (memory.copy (local.get $to) (local.get $from) (local.get $rowBytes))
        (local.set $from (i32.add (local.get $from) (local.get $fromPitch)))
        (local.set $to (i32.add (local.get $to) (local.get $toPitch)))
        (local.set $rows (i32.sub (local.get $rows) (i32.const 1)))
        (br $row))))

  ;; blosc's byte shuffle of rows of 2-byte pixels: all low bytes go to $to, all high ones to $to + $high.
  (func (export "shuffle2")
    (param $from i32) (param $fromPitch i32) (param $to i32) (param $high i32) (param $count i32) (param $rows i32)
    (local $end i32) (local $stop i32) (local $at i32) (local $a v128) (local $b v128)
    (block $done
      (loop $row
        (br_if $done (i32.eqz (local.get $rows)))
        (local.set $at (local.get $from))
        (local.set $end (i32.add (local.get $to) (local.get $count)))
        (local.set $stop (i32.add (local.get $to) (i32.and (local.get $count) (i32.const -16))))
        (block $whole
          (loop $sixteen
            (br_if $whole (i32.ge_u (local.get $to) (local.get $stop)))
            (local.set $a (v128.load align=1 (local.get $at)))
            (local.set $b (v128.load offset=16 align=1 (local.get $at)))
            (v128.store align=1 (local.get $to)
              (i8x16.shuffle 0 2 4 6 8 10 12 14 16 18 20 22 24 26 28 30 (local.get $a) (local.get $b)))
            (v128.store align=1 (i32.add (local.get $to) (local.get $high))
              (i8x16.shuffle 1 3 5 7 9 11 13 15 17 19 21 23 25 27 29 31 (local.get $a) (local.get $b)))
            (local.set $at (i32.add (local.get $at) (i32.const 32)))
            (local.set $to (i32.add (local.get $to) (i32.const 16)))
            (br $sixteen)))
        (block $rest
          (loop $one
            (br_if $rest (i32.ge_u (local.get $to) (local.get $end)))
            (i32.store8 (local.get $to) (i32.load8_u (local.get $at)))
            (i32.store8 (i32.add (local.get $to) (local.get $high)) (i32.load8_u offset=1 (local.get $at)))
            (local.set $at (i32.add (local.get $at) (i32.const 2)))
            (local.set $to (i32.add (local.get $to) (i32.const 1)))
            (br $one)))
        (local.set $from (i32.add (local.get $from) (local.get $fromPitch)))
        (local.set $rows (i32.sub (local.get $rows) (i32.const 1)))
        (br $row))))

  ;; The same of 4-byte pixels: bytes of each weight $high behind those of the one below.
  (func (export "shuffle4")
    (param $from i32) (param $fromPitch i32) (param $to i32) (param $high i32) (param $count i32) (param $rows i32)
    (local $end i32) (local $stop i32) (local $at i32) (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local $e v128) (local $f v128)
    (block $done
      (loop $row
        (br_if $done (i32.eqz (local.get $rows)))
        (local.set $at (local.get $from))
        (local.set $end (i32.add (local.get $to) (local.get $count)))
        (local.set $stop (i32.add (local.get $to) (i32.and (local.get $count) (i32.const -16))))
        (block $whole
          (loop $sixteen
            (br_if $whole (i32.ge_u (local.get $to) (local.get $stop)))
            (local.set $a (v128.load align=1 (local.get $at)))
            (local.set $b (v128.load offset=16 align=1 (local.get $at)))
            (local.set $c (v128.load offset=32 align=1 (local.get $at)))
            (local.set $d (v128.load offset=48 align=1 (local.get $at)))
            (local.set $e (i8x16.shuffle 0 4 8 12 16 20 24 28 1 5 9 13 17 21 25 29 (local.get $a) (local.get $b)))
            (local.set $f (i8x16.shuffle 0 4 8 12 16 20 24 28 1 5 9 13 17 21 25 29 (local.get $c) (local.get $d)))
            (v128.store align=1 (local.get $to)
              (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $e) (local.get $f)))
            (v128.store align=1 (i32.add (local.get $to) (local.get $high))
              (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $e) (local.get $f)))
            (local.set $e (i8x16.shuffle 2 6 10 14 18 22 26 30 3 7 11 15 19 23 27 31 (local.get $a) (local.get $b)))
            (local.set $f (i8x16.shuffle 2 6 10 14 18 22 26 30 3 7 11 15 19 23 27 31 (local.get $c) (local.get $d)))
            (v128.store align=1 (i32.add (local.get $to) (i32.mul (local.get $high) (i32.const 2)))
              (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $e) (local.get $f)))
            (v128.store align=1 (i32.add (local.get $to) (i32.mul (local.get $high) (i32.const 3)))
              (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $e) (local.get $f)))
            (local.set $at (i32.add (local.get $at) (i32.const 64)))
            (local.set $to (i32.add (local.get $to) (i32.const 16)))
            (br $sixteen)))
        (block $rest
          (loop $one
            (br_if $rest (i32.ge_u (local.get $to) (local.get $end)))
            (i32.store8 (local.get $to) (i32.load8_u (local.get $at)))
            (i32.store8 (i32.add (local.get $to) (local.get $high)) (i32.load8_u offset=1 (local.get $at)))
            (i32.store8 (i32.add (local.get $to) (i32.mul (local.get $high) (i32.const 2)))
              (i32.load8_u offset=2 (local.get $at)))
            (i32.store8 (i32.add (local.get $to) (i32.mul (local.get $high) (i32.const 3)))
              (i32.load8_u offset=3 (local.get $at)))
            (local.set $at (i32.add (local.get $at) (i32.const 4)))
            (local.set $to (i32.add (local.get $to) (i32.const 1)))
            (br $one)))
        (local.set $from (i32.add (local.get $from) (local.get $fromPitch)))
        (local.set $rows (i32.sub (local.get $rows) (i32.const 1)))
        (br $row))))

  ;; Means of 2 x 2 pixels of two rows, rounded half up: `count` of them, from twice as many pixels in each row.
  (func (export "halve_uint8") (param $upper i32) (param $lower i32) (param $to i32) (param $count i32)
    (local $end i32) (local $stop i32)
    (local.set $end (i32.add (local.get $to) (local.get $count)))
    (local.set $stop (i32.add (local.get $to) (i32.and (local.get $count) (i32.const -16))))
    (block $done
      (loop $sixteen
        (br_if $done (i32.ge_u (local.get $to) (local.get $stop)))
        (v128.store align=1 (local.get $to)
          (i8x16.narrow_i16x8_u
            (i16x8.shr_u (i16x8.add (i16x8.add
              (i16x8.extadd_pairwise_i8x16_u (v128.load align=1 (local.get $upper)))
              (i16x8.extadd_pairwise_i8x16_u (v128.load align=1 (local.get $lower))))
              (v128.const i16x8 2 2 2 2 2 2 2 2)) (i32.const 2))
            (i16x8.shr_u (i16x8.add (i16x8.add
              (i16x8.extadd_pairwise_i8x16_u (v128.load offset=16 align=1 (local.get $upper)))
              (i16x8.extadd_pairwise_i8x16_u (v128.load offset=16 align=1 (local.get $lower))))
              (v128.const i16x8 2 2 2 2 2 2 2 2)) (i32.const 2))))
        (local.set $upper (i32.add (local.get $upper) (i32.const 32)))
        (local.set $lower (i32.add (local.get $lower) (i32.const 32)))
        (local.set $to (i32.add (local.get $to) (i32.const 16)))
        (br $sixteen)))
    (block $done
      (loop $one
        (br_if $done (i32.ge_u (local.get $to) (local.get $end)))
        (i32.store8 (local.get $to)
          (i32.shr_u (i32.add (i32.const 2)
            (i32.add
              (i32.add (i32.load8_u (local.get $upper)) (i32.load8_u offset=1 (local.get $upper)))
              (i32.add (i32.load8_u (local.get $lower)) (i32.load8_u offset=1 (local.get $lower)))))
            (i32.const 2)))
        (local.set $upper (i32.add (local.get $upper) (i32.const 2)))
        (local.set $lower (i32.add (local.get $lower) (i32.const 2)))
        (local.set $to (i32.add (local.get $to) (i32.const 1)))
        (br $one))))

  (func (export "halve_uint16") (param $upper i32) (param $lower i32) (param $to i32) (param $count i32)
    (local $end i32) (local $stop i32)
    (local.set $end (i32.add (local.get $to) (i32.mul (local.get $count) (i32.const 2))))
    (local.set $stop
      (i32.add (local.get $to) (i32.mul (i32.and (local.get $count) (i32.const -8)) (i32.const 2))))
    (block $done
      (loop $eight
        (br_if $done (i32.ge_u (local.get $to) (local.get $stop)))
        (v128.store align=1 (local.get $to)
          (i16x8.narrow_i32x4_u
            (i32x4.shr_u (i32x4.add (i32x4.add
              (i32x4.extadd_pairwise_i16x8_u (v128.load align=1 (local.get $upper)))
              (i32x4.extadd_pairwise_i16x8_u (v128.load align=1 (local.get $lower))))
              (v128.const i32x4 2 2 2 2)) (i32.const 2))
            (i32x4.shr_u (i32x4.add (i32x4.add
              (i32x4.extadd_pairwise_i16x8_u (v128.load offset=16 align=1 (local.get $upper)))
              (i32x4.extadd_pairwise_i16x8_u (v128.load offset=16 align=1 (local.get $lower))))
              (v128.const i32x4 2 2 2 2)) (i32.const 2))))
        (local.set $upper (i32.add (local.get $upper) (i32.const 32)))
        (local.set $lower (i32.add (local.get $lower) (i32.const 32)))
        (local.set $to (i32.add (local.get $to) (i32.const 16)))
        (br $eight)))
    (block $done
      (loop $one
        (br_if $done (i32.ge_u (local.get $to) (local.get $end)))
        (i32.store16 (local.get $to)
          (i32.shr_u (i32.add (i32.const 2)
            (i32.add
              (i32.add (i32.load16_u (local.get $upper)) (i32.load16_u offset=2 (local.get $upper)))
              (i32.add (i32.load16_u (local.get $lower)) (i32.load16_u offset=2 (local.get $lower)))))
            (i32.const 2)))
        (local.set $upper (i32.add (local.get $upper) (i32.const 4)))
        (local.set $lower (i32.add (local.get $lower) (i32.const 4)))
        (local.set $to (i32.add (local.get $to) (i32.const 2)))
        (br $one))))

  (func (export "halve_int16") (param $upper i32) (param $lower i32) (param $to i32) (param $count i32)
    (local $end i32) (local $stop i32)
    (local.set $end (i32.add (local.get $to) (i32.mul (local.get $count) (i32.const 2))))
    (local.set $stop
      (i32.add (local.get $to) (i32.mul (i32.and (local.get $count) (i32.const -8)) (i32.const 2))))
    (block $done
      (loop $eight
        (br_if $done (i32.ge_u (local.get $to) (local.get $stop)))
        (v128.store align=1 (local.get $to)
          (i16x8.narrow_i32x4_s
            (i32x4.shr_s (i32x4.add (i32x4.add
              (i32x4.extadd_pairwise_i16x8_s (v128.load align=1 (local.get $upper)))
              (i32x4.extadd_pairwise_i16x8_s (v128.load align=1 (local.get $lower))))
              (v128.const i32x4 2 2 2 2)) (i32.const 2))
            (i32x4.shr_s (i32x4.add (i32x4.add
              (i32x4.extadd_pairwise_i16x8_s (v128.load offset=16 align=1 (local.get $upper)))
              (i32x4.extadd_pairwise_i16x8_s (v128.load offset=16 align=1 (local.get $lower))))
              (v128.const i32x4 2 2 2 2)) (i32.const 2))))
        (local.set $upper (i32.add (local.get $upper) (i32.const 32)))
        (local.set $lower (i32.add (local.get $lower) (i32.const 32)))
        (local.set $to (i32.add (local.get $to) (i32.const 16)))
        (br $eight)))
    (block $done
      (loop $one
        (br_if $done (i32.ge_u (local.get $to) (local.get $end)))
        (i32.store16 (local.get $to)
          (i32.shr_s (i32.add (i32.const 2)
            (i32.add
              (i32.add (i32.load16_s (local.get $upper)) (i32.load16_s offset=2 (local.get $upper)))
              (i32.add (i32.load16_s (local.get $lower)) (i32.load16_s offset=2 (local.get $lower)))))
            (i32.const 2)))
        (local.set $upper (i32.add (local.get $upper) (i32.const 4)))
        (local.set $lower (i32.add (local.get $lower) (i32.const 4)))
        (local.set $to (i32.add (local.get $to) (i32.const 2)))
        (br $one))))

  ;; Of 4-byte floats, the sum taken in 8 bytes as a plain loop does, so that both round alike.
  (func (export "halve_float32") (param $upper i32) (param $lower i32) (param $to i32) (param $count i32)
    (local $end i32)
    (local.set $end (i32.add (local.get $to) (i32.mul (local.get $count) (i32.const 4))))
    (block $done
      (loop $one
        (br_if $done (i32.ge_u (local.get $to) (local.get $end)))
        (f32.store (local.get $to)
          (f32.demote_f64 (f64.mul (f64.const 0.25)
            (f64.add
              (f64.add
                (f64.add
                  (f64.promote_f32 (f32.load (local.get $upper)))
                  (f64.promote_f32 (f32.load offset=4 (local.get $upper))))
                (f64.promote_f32 (f32.load (local.get $lower))))
              (f64.promote_f32 (f32.load offset=4 (local.get $lower)))))))
        (local.set $upper (i32.add (local.get $upper) (i32.const 8)))
        (local.set $lower (i32.add (local.get $lower) (i32.const 8)))
        (local.set $to (i32.add (local.get $to) (i32.const 4)))
        (br $one))))
)
