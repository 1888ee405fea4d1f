import type { ImageRenderer } from './image-renderer.ts';
import { type ImageLayer, rgbOf } from './layer.ts';
import { toScreen } from './viewport.ts';

const VERTEX = `#version 300 es
uniform vec4 place; // left, top, width, height of the layer in clip space
out vec2 at;
void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  at = corner;
  gl_Position = vec4(place.xy + corner * place.zw, 0.0, 1.0);
}`;

const FRAGMENT = `#version 300 es
precision highp float;
precision highp usampler2D;
uniform usampler2D counts;
uniform vec3 colour;
uniform vec2 limits; // low and 1 / (high - low), in counts
uniform float gamma;
uniform vec2 between; // of the samples of a screen pixel, in the layer; 0: one sample, as no two cells share a screen pixel
in vec2 at;
out vec4 pixel;
float countsAt(vec2 place) {
  ivec2 size = textureSize(counts, 0);
  return float(texelFetch(counts, clamp(ivec2(place * vec2(size)), ivec2(0), size - 1), 0).r);
}
void main() {
  float mean = countsAt(at);
  if (between.x > 0.0) {
    vec2 half_ = between * 0.5;
    mean = 0.25 * (countsAt(at - half_) + countsAt(at + half_) + countsAt(at + vec2(half_.x, -half_.y)) + countsAt(at + vec2(-half_.x, half_.y)));
  }
  float part = clamp((mean - limits.x) * limits.y, 0.0, 1.0);
  pixel = vec4(colour * pow(part, gamma), 1.0);
}`;

/** Below it more than one cell falls on a screen pixel; rounding alone is none of it. */
const ONE_TO_ONE = 0.999;

interface LayerTexture {
  readonly texture: WebGLTexture;
  data: Uint16Array | null;
  widthPx: number;
  heightPx: number;
}

/** Raw counts go to the card as R16UI; contrast, gamma and colour are the shader's. Null where it cannot be set up. */
export function createWebGlRenderer(canvas: HTMLCanvasElement): ImageRenderer | null {
  const gl = canvas.getContext('webgl2', { alpha: false, antialias: false, preserveDrawingBuffer: true });
  const program = gl && link(gl);
  if (!gl || !program) return null;
  const uniforms = {
    place: gl.getUniformLocation(program, 'place'),
    colour: gl.getUniformLocation(program, 'colour'),
    limits: gl.getUniformLocation(program, 'limits'),
    gamma: gl.getUniformLocation(program, 'gamma'),
    between: gl.getUniformLocation(program, 'between'),
  };
  const textures = new Map<string, LayerTexture>();

  const upload = (layer: ImageLayer): void => {
    let held = textures.get(layer.name);
    if (!held) {
      held = { texture: gl.createTexture(), data: null, widthPx: 0, heightPx: 0 };
      textures.set(layer.name, held);
      gl.bindTexture(gl.TEXTURE_2D, held.texture);
      for (const parameter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
        gl.texParameteri(gl.TEXTURE_2D, parameter, gl.NEAREST);
      for (const parameter of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T])
        gl.texParameteri(gl.TEXTURE_2D, parameter, gl.CLAMP_TO_EDGE);
    }
    gl.bindTexture(gl.TEXTURE_2D, held.texture);
    if (held.data === layer.data) return;
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 2);
    const { widthPx, heightPx, data } = layer;
    if (held.widthPx === widthPx && held.heightPx === heightPx) {
      gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, widthPx, heightPx, gl.RED_INTEGER, gl.UNSIGNED_SHORT, data);
    } else {
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.R16UI, widthPx, heightPx, 0, gl.RED_INTEGER, gl.UNSIGNED_SHORT, data);
    }
    held.data = data;
    held.widthPx = widthPx;
    held.heightPx = heightPx;
  };

  return {
    kind: 'webgl',
    draw(layers, view, screen, ratio) {
      gl.viewport(0, 0, canvas.width, canvas.height);
      gl.clearColor(5 / 255, 6 / 255, 7 / 255, 1);
      gl.clear(gl.COLOR_BUFFER_BIT);
      // biome-ignore lint/correctness/useHookAtTopLevel: a call of WebGL that is named like a hook
      gl.useProgram(program);
      gl.enable(gl.BLEND);
      let first = true;
      for (const layer of layers) {
        if (!layer.display.visible) continue;
        upload(layer);
        const { display, factor, offset } = layer;
        const corner = toScreen(view, { x: layer.x ?? 0, y: layer.y ?? 0 }, screen);
        const width = layer.widthPx * layer.step * view.scale;
        const height = layer.heightPx * layer.step * view.scale;
        gl.uniform4f(
          uniforms.place,
          (corner.x / screen.width) * 2 - 1,
          1 - (corner.y / screen.height) * 2,
          (width / screen.width) * 2,
          -(height / screen.height) * 2,
        );
        gl.uniform3f(uniforms.colour, ...rgbOf(display.colour));
        gl.uniform2f(
          uniforms.limits,
          (display.low - offset) / factor,
          factor / Math.max(display.high - display.low, 1e-9),
        );
        gl.uniform1f(uniforms.gamma, display.gamma);
        // Half a screen pixel apart: up to two cells of the layer below one screen pixel, each of them is seen.
        const cellPx = layer.step * view.scale * ratio;
        const apart = cellPx < ONE_TO_ONE ? 0.5 : 0;
        gl.uniform2f(uniforms.between, apart / (width * ratio), apart / (height * ratio));
        // The first layer replaces the ground, the others add to it.
        gl.blendFunc(gl.ONE, first ? gl.ZERO : gl.ONE);
        gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
        first = false;
      }
    },
    [Symbol.dispose]() {
      for (const { texture } of textures.values()) gl.deleteTexture(texture);
      gl.deleteProgram(program);
    },
  };
}

function link(gl: WebGL2RenderingContext): WebGLProgram | null {
  const program = gl.createProgram();
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ] as const) {
    const shader = gl.createShader(kind);
    if (!shader) return null;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
    gl.deleteShader(shader);
  }
  gl.linkProgram(program);
  return gl.getProgramParameter(program, gl.LINK_STATUS) ? program : null;
}
